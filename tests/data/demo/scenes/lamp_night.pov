// A camping lamp on a stump at night. View 1: portrait; 2: landscape, closer, from the side.
#version 3.7;
#ifndef (View) #declare View = 1; #end
#ifndef (Pass) #declare Pass = 1; #end // 1: lamp and stump on nothing; 2: what lies behind, blurred afterwards
#declare Seed = 5;
#include "common.inc"
#include "lamp.inc"
global_settings { assumed_gamma 1.0 max_trace_level 12 }
#if (Pass = 1) background { rgbt <0, 0, 0, 1> } #else background { rgb <.004, .006, .012> } #end

light_source { <0, .135, 0> rgb <1, .70, .38> * 1.15 fade_distance .35 fade_power 2 area_light <.05, 0, 0>, <0, .07, 0>, 3, 3 adaptive 1 jitter orient circular }
light_source { <-4, 5, -3> rgb <.25, .36, .70> * .10 area_light <3, 0, 0>, <0, 0, 3>, 3, 3 adaptive 0 jitter }
#if (Pass = 1)
object { Lamp(1) rotate y * 25 }

// the stump: rings seen from above, bark at the side
#declare StumpR = .27;
union {
  difference {
    cylinder { <0, -.0, 0>, <0, -.5, 0>, StumpR }
    #for (I, 1, 5) #local A = R(0, 360); box { <.03, -.04, -.0009>, <.4, .1, .0009> rotate y * (I * 72 + R(-20, 20)) } #end
    texture { pigment { wood turbulence <.05, .05, .0> octaves 4 color_map { [0 rgb <.56, .40, .24>] [.55 rgb <.48, .32, .18>] [.85 rgb <.30, .18, .09>] [1 rgb <.50, .36, .21>] } rotate x * 90 scale <.021, .06, .021> translate <.02, 0, .03> }
      normal { average normal_map { [1 wood .5 turbulence <.05, .05, 0> rotate x * 90 scale <.021, .06, .021> translate <.02, 0, .03>] [1 granite .35 scale .05] } } finish { diffuse .75 specular .06 roughness .08 } }
  }
  #for (I, 0, 129) // bark ridges
    #local A = I / 130 * 2 * pi;
    sphere_sweep { cubic_spline 6, <cos(A) * (StumpR + R(0, .02)), .04, sin(A) * StumpR>, .010
      #for (K, 0, 4) , <cos(A + R(-.015, .015)) * (StumpR + R(0, .018)), -.012 * rand(RS) - K * .11, sin(A + R(-.015, .015)) * (StumpR + R(0, .018))>, R(.006, .015) #end
      pigment { rgb <.12, .075, .045> * R(.5, 1.5) } normal { granite .5 scale .03 } finish { diffuse .8 } }
  #end
}
// moss, needles and a few fallen leaves
#for (I, 1, 160)
  #local A = R(0, 2 * pi); #local D = StumpR * pow(R(.15, 1), .5);
  cylinder { 0, <R(.010, .022), 0, 0>, .0006 rotate y * R(0, 360) translate <cos(A) * D, .0008, sin(A) * D> pigment { rgb <.20, .12, .04> * R(.5, 1.5) } }
#end
#macro Leaf(C)
  mesh {
    #local N = 10;
    #for (I, 0, N - 1) #local T0 = I / N; #local T1 = (I + 1) / N; #local W0 = .5 * pow(sin(pi * pow(T0, .8)), .9) * (1 + .10 * mod(I, 2)); #local W1 = .5 * pow(sin(pi * pow(min(T1, .999), .8)), .9) * (1 + .10 * mod(I + 1, 2));
      #for (S, -1, 1, 2)
        triangle { <T0, .05 * T0 * T0, 0>, <T1, .05 * T1 * T1, 0>, <T0, .05 * T0 * T0 + W0 * .25, S * W0 * .62> }
        triangle { <T1, .05 * T1 * T1, 0>, <T0, .05 * T0 * T0 + W0 * .25, S * W0 * .62>, <T1, .05 * T1 * T1 + W1 * .25, S * W1 * .62> }
      #end
    #end
    pigment { bozo color_map { [0 rgb C] [1 rgb C * .55] } scale .2 } finish { diffuse .7 specular .15 roughness .04 }
  }
#end
object { Leaf(<.50, .22, .04>) scale .075 rotate <4, 200, 6> translate <-.10, .002, -.13> }
object { Leaf(<.42, .10, .03>) scale .062 rotate <-3, 300, 4> translate <.13, .002, -.10> }
object { Leaf(<.55, .33, .06>) scale .06 rotate <5, 60, -3> translate <.16, .003, .05> }

#else
// the forest floor and trunks in the dark, and lights of a camp far behind: they melt into discs
#declare Floor = plane { y, -.42 pigment { granite scale .4 color_map { [0 rgb <.02, .018, .01>] [1 rgb <.12, .09, .045>] } } normal { granite .8 scale .2 } finish { diffuse .8 } }
object { Floor }
GrassSet(.20, .004, .12, 30, <.05, .09, .02>, <.20, .18, .05>)
#for (I, 1, 900)
  #local P = <R(-3, 3), -.42, R(-.9, 5)>;
  #if (P.x * P.x + P.z * P.z > .16) object { GS[int(R(0, 7.99))] rotate y * R(0, 360) scale R(.5, 1.5) translate P } #end
#end
#for (I, 1, 26)
  #local Z = R(3.0, 12); #local X = R(-.55, .55) * Z; #local Rr = R(.07, .2);
  cone { <X, -.5, Z>, Rr, <X + R(-.4, .4), 7, Z>, Rr * .6 pigment { rgb <.10, .075, .055> * R(.5, 1.2) } normal { granite .8 scale <.2, .8, .2> } finish { diffuse .8 emission .015 } }
#end
// a light far out of focus is a disc with a faint rim
#macro Disc(P, Rd, C)
  disc { 0, z, 1 pigment { cylindrical rotate x * 90 color_map { [0 rgbt <1, 1, 1, 1>] [.02 rgbt <1, 1, 1, .30>] [.10 rgbt <1, 1, 1, .45>] [1 rgbt <1, 1, 1, .55>] } }
    finish { emission rgb C diffuse 0 } scale Rd translate P no_shadow }
#end
#for (I, 1, 34) // fairy lights between the trees, camp fires
  #local T = I / 34; #local Sag = 4 * T * (1 - T) * .55;
  Disc(<-3.2 + 6.8 * T, 1.45 - Sag + R(-.03, .03), 6 + 1.2 * sin(T * 3)>, .105, <1, .66, .30> * R(.5, 1.1))
#end
#for (I, 1, 22)
  Disc(<R(-3.4, 3.4), R(-.15, .75), R(6, 9)>, R(.08, .14), <1, R(.40, .75), R(.12, .45)> * R(.15, .7))
#end

#end
#switch (View)
  #case (1) camera { location <-.20, .36, -.95> right x * 3/4 up y look_at <.0, .125, 0> angle 36 } #break
  #case (2) camera { location <.42, .24, -.72> right x * 4/3 up y look_at <-.05, .115, 0> angle 43 } #break
#end
