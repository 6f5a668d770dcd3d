// An olive tent by a lake at dusk. View 1: landscape, the tent; 2: portrait, with the lake behind; 3: a second person on the shore.
#version 3.7;
#ifndef (View) #declare View = 1; #end
#declare Seed = 21;
#include "common.inc"
global_settings { assumed_gamma 1.0 max_trace_level 6 }

#declare Haze = <.52, .40, .44>;
sky_sphere {
  pigment { gradient y color_map { [0 rgb <1.02, .50, .22>] [.05 rgb <1.0, .56, .34>] [.14 rgb <.74, .50, .50>] [.30 rgb <.36, .38, .56>] [.62 rgb <.11, .17, .36>] [1 rgb <.05, .08, .22>] } }
  pigment { wrinkles turbulence .55 octaves 6 lambda 2.2 omega .55
    color_map { [0 rgbt <1, .55, .45, 1>] [.50 rgbt <1, .55, .45, 1>] [.68 rgbt <.95, .50, .42, .45>] [.85 rgbt <.62, .40, .48, .25>] [1 rgbt <.50, .34, .46, .3>] }
    scale <.75, .085, .75> rotate <0, 35, 4> }
}

// low sun glow from the right behind the hills, and the dome of the sky as soft fill
light_source { <90, 22, 60> rgb <1.0, .56, .30> * 2.6 area_light <24, 0, -16>, <0, 12, 0>, 3, 3 adaptive 0 jitter }
light_source { <-12, 40, -30> rgb <.56, .53, .58> * .85 area_light <40, 0, 0>, <0, 0, 40>, 4, 4 adaptive 0 jitter }
light_source { <0, .45, 0> rgb <1, .66, .30> * .9 fade_distance .9 fade_power 2 }

// ground: falls to the water beyond z = 5
#declare GroundF = function { pattern { bozo scale .16 turbulence .3 } }
#declare Shore = function(x, z) { 4.9 + .9 * sin(x * .35) + .35 * sin(x * 1.1 + 1) }
#declare Ground = height_field {
  function 500, 500 { .5 + .16 * (GroundF(x, y, 0) - .5) - .42 * min(1, max(0, ((1 - y) * 24 - 9 - Shore(x * 40 - 20, 0)) / 5 + .25)) }
  smooth translate <-.5, -.5, 0> scale <40, 1, 24> translate <0, 0, -9>
}
object { Ground
  texture { pigment { granite scale .9 color_map { [0 rgb <.045, .05, .02>] [.5 rgb <.10, .085, .045>] [1 rgb <.19, .16, .11>] } } normal { granite .5 scale .12 } finish { diffuse .8 } } }
plane { y, -.17
  texture { pigment { rgb <.012, .022, .030> }
    normal { average normal_map { [1 bumps .022 scale <.9, 1, .30>] [1 bumps .010 scale <.22, 1, .09>] [1 bumps .022 scale <4, 1, 1.2>] } }
    finish { diffuse .25 specular .5 roughness .004 reflection { .04, .92 fresnel on } conserve_energy } }
  interior { ior 1.33 } }

// hills across the lake
#declare RidgeF = function { pattern { wrinkles scale .22 } }
#declare HillA = height_field { function 500, 300 { pow(RidgeF(x, y, .4), 1.4) * .9 * sin(pi * y) * (.55 + .45 * sin(x * 7 + 2)) } smooth }
object { HillA translate <-.5, 0, 0> scale <2600, 420, 700> translate <-100, -18, 620> pigment { rgb <.10, .09, .11> } finish { diffuse .35 emission rgb <1.7, 1.5, 1.7> } }
object { HillA translate <-.5, 0, 0> scale <-1500, 170, 300> translate <200, -8, 260> pigment { bozo color_map { [0 rgb <.012, .02, .014>] [1 rgb <.03, .04, .022>] } scale 6 } normal { bumps 1 scale 3 } finish { diffuse .6 } }
#declare Trees = array[5];
#for (I, 0, 4) #declare Trees[I] = Spruce() #end
#for (I, 1, 900)
  #local A = R(-.85, .85); #local D = 150 + 70 * pow(R(0, 1), 1.6);
  object { Trees[int(R(0, 4.99))] scale <1, 1, 1> * R(8, 17) rotate y * R(0, 360) translate <D * sin(A), -1 + (D - 150) * .12, D * cos(A)>
    pigment { rgb <.012, .022, .013> * R(.6, 1.7) } finish { diffuse .7 } }
#end
// two near spruces at the left edge, as a frame
#if (View != 2)
  object { Trees[1] scale <8, 9, 8> translate <-9.5, -.2, 7.5> pigment { rgb <.02, .032, .018> } }
  object { Trees[3] scale <6, 7, 6> rotate y * 50 translate <-11.6, -.2, 6> pigment { rgb <.02, .035, .018> } }
#end

#declare TentRot = -12;
object { Tent(<.150, .165, .058>, <.055, .060, .028>, <.30, .30, .26>, .62) rotate y * TentRot }

GrassSet(.17, .0032, .16, 44, <.05, .085, .018>, <.19, .17, .055>)
#for (I, 1, 11000)
  #local D = pow(R(0, 1), .75) * 12.5; #local A = radians(R(-52, 52)); #local P = <-3.2 + D * sin(A), 0, -6.4 + D * cos(A)>;
  #local Q = vrotate(P, <0, -TentRot, 0>);
  #if ((abs(Q.x) > TA * .99 | abs(Q.z) > TB * 1.0) & P.z < Shore(P.x, 0) - .35 + R(-.6, .2))
    #local N = <0, 0, 0>; #local H = trace(Ground, <P.x, 3, P.z>, -y, N);
    #if (vlength(N) > 0) object { GS[int(R(0, 7.99))] scale <1, R(.45, 1.25) * (.55 + .6 * GroundF(P.x * .1, P.z * .1, 3)), 1> rotate y * R(0, 360) translate H } #end
  #end
#end
// pebbles on the shore and a few stones
#for (I, 1, 2600)
  #local X = R(-9, 9); #local Z = Shore(X, 0) + R(-.9, .9); #local N = <0, 0, 0>; #local H = trace(Ground, <X, 3, Z>, -y, N); #local S = .018 + .10 * pow(R(0, 1), 5);
  sphere { 0, 1 scale <R(.8, 1.5), R(.35, .7), R(.7, 1.3)> * S rotate y * R(0, 360) translate H + y * S * .15
    pigment { rgb <.21, .19, .18> * R(.4, 1.2) } normal { granite .3 scale .05 } finish { diffuse .75 specular .15 roughness .05 } }
#end
#for (I, 0, 3) // boots' place: a sitting log and stones for the fire
  sphere { 0, 1 scale <.16, .11, .13> * R(.7, 1.2) rotate y * R(0, 360) translate <-2.1 + .28 * cos(I * 1.5), .02, -1.9 + .28 * sin(I * 1.5)> pigment { granite scale .1 color_map { [0 rgb <.07, .06, .05>] [1 rgb <.24, .21, .18>] } } normal { granite .7 scale .12 } }
#end
cone { <-2.75, .10, -.55>, .135, <-3.55, .11, -1.85>, .12 pigment { granite scale .12 color_map { [0 rgb <.04, .026, .016>] [1 rgb <.22, .15, .095>] } } normal { granite .6 scale .10 } }

#if (View = 3) object { Person(<.23, .055, .035>, <.03, .035, .05>, <.32, .22, .05>) scale .98 rotate y * 14 translate <-2.55, -.03, 4.0> } #end

#switch (View)
  #case (1) camera { location <-3.35, 1.30, -5.6> right x * 4/3 up y look_at <-.75, .86, 0> angle 50 } #break
  #case (2) camera { location <-1.6, 1.35, -5.4> right x * 3/4 up y look_at <-.05, 1.02, 0> angle 41 } #break
  #case (3) camera { location <-4.1, 1.45, -4.6> right x * 4/3 up y look_at <-1.1, .92, 1> angle 56 } #break
#end
